"""查阅、复制、更正、删除、撤回: what a person may ask of us (个人信息保护法 §44–§47)."""
