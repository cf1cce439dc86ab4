"""What leaves the house: mails and group messages, written as rows with the notice and sent afterwards (docs/decisions/0012)."""
