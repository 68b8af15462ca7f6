"""What Schemathesis leaves out."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Ask for whole documents: that ``fields`` takes members away is what a schema cannot say."""
    if case.query:
        case.query.pop("fields", None)
