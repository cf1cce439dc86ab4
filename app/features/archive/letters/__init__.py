"""收发文: letters that came and letters that go, with the answer tracked (S3.18)."""
