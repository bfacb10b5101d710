"""What must not leave the house is put out of sight before a text goes to anybody else's model."""
