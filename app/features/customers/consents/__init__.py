"""What did a customer agree to, by which version of the text, and what did he take back (02 §2.5.11)?"""
