"""Pictures as arrays, OpenCV and numpy only: nothing here knows of models or documents."""
