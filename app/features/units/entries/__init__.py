"""房源录入单: units come in by import, by batch generation or by correction, and the site manager checks them."""
