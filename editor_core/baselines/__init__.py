"""What the papers compare their methods with, one a file; nothing of the program is built on them.

Each is from diffusers where that has it and it takes any model here, else short and of our own, with paper and
equation. All start from the same inverted picture and answer to the same words, mask and sketch as far as their papers
let them.
"""
