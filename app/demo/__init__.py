"""The demo world: invented people and two projects, the same on every machine (01 «The demo world»)."""
