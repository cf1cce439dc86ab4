"""合同领用: printed contract forms by serial number — received, issued, used, returned, void; no number is lost (issue 5.9)."""
