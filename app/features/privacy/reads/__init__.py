"""Whose data did somebody read, and who read the data of somebody (04 S12)?"""
