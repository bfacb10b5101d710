"""What the policies say: documents in, cited answers out."""
