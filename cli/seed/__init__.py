"""The sample organisation in English and Vietnamese: its people, projects, recognitions and tensions."""
