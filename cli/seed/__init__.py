"""The sample organisation: people, projects and recognitions in English and Vietnamese, posted through REST."""
