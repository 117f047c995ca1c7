"""Getting networks into memory. Importing this package loads neither torch nor diffusers."""
