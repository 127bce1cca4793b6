"""What people can say: one file per subject. Files never import each other; deleting one deletes one feature."""
