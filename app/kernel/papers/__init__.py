"""文书: what the site prints. A kind is declared once by the room of its record; Word, PDF, numbering and filing follow."""
