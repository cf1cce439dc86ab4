"""票据: books of serials, each bill from blank to written off, 收据→发票 换票; a serial is used once and none is missing (02 §2.2.2)."""
