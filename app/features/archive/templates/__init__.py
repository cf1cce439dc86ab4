"""文书模板: the site's own Word templates, version by version, reviewed before they are used (S3.18, issue 5 point 10)."""
