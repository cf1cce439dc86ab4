"""难单协助单 (S3.12): a consultant asks on the spot, the supervisor comes, both write down what came of it."""
