"""One edit of many pictures: by several workers, resumable, one row a picture."""
