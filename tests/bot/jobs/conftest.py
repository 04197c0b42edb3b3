from tests.support.fixtures import till

__all__ = ["till"]
