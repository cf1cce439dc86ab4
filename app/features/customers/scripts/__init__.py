"""统一口径: what the whole site answers to the same question — 答客问, 说辞, 异议应对 — version by version, approved and signed."""
