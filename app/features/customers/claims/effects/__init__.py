"""What follows when a customer is claimed, ruled about, grouped with his relatives."""

from app.features.customers.claims.effects.filing import claim_at_desk, file_claim

__all__ = ["claim_at_desk", "file_claim"]
