"""Approvals travel the org chart: policies by kind and threshold, requests with steps, decisions in the system or on paper."""
