"""What can go wrong."""


class NotConvertible(ValueError):
    """The document is no Swagger 2.0, or says something that OpenAPI 3.1 has no words for.

    :param pointer: where in the document, as a JSON pointer
    """

    def __init__(self, pointer: str, reason: str):
        self.pointer = pointer
        self.reason = reason
        super().__init__(f"{pointer}: {reason}")
