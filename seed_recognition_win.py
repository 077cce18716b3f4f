"""Posts the sample organisation through the REST API; the same as ``trm seed``."""

from cli.seed.command import seed

if __name__ == "__main__":
    seed()
