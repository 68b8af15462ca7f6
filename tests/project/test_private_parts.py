"""What ShopTrack uses of other libraries that they do not promise. An upgrade that changes it fails here first.

The libraries have upper bounds in each ``pyproject.toml``. Before one is raised, these tests run with the new version.
"""

import ast
import inspect
import socket
import tomllib
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions, version
from io import BytesIO, StringIO
from typing import Any

import pytest
from dotenv.parser import parse_stream
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyramid.config import Configurator
from pyramid.config.actions import ActionInfo
from pyramid.exceptions import ConfigurationConflictError
from pyramid.interfaces import IRequestExtensions, IRoutesMapper
from pyramid.predicates import RequestMethodPredicate
from pyramid_jwt.policy import JWTAuthenticationPolicy
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest

from .conftest import ROOT
from .private_parts import ATTRIBUTES, NAMES

PROJECTS = [ROOT / "pyproject.toml", *sorted(ROOT.glob("shoptrack_*/pyproject.toml"))]
PACKAGES = [project.parent / "shoptrack" for project in PROJECTS[:1]]
PACKAGES += [project.parent for project in PROJECTS[1:]]

INTERNAL = (
    "cornice.service",
    "cornice_swagger.",
    "dotenv.parser",
    "prometheus_client.exposition",
    "pyramid.config.",
    "pyramid.urldispatch",
    "pyramid_jwt.policy",
    "waitress.",
)
PUBLIC = {"_asdict", "_mapping", "_replace", "_exit"}  # of named tuples, SQLAlchemy's rows, and os


def conflict() -> ConfigurationConflictError:
    return ConfigurationConflictError({"route": []})


def configurator() -> Configurator:
    return Configurator()


def action_info() -> ActionInfo:
    return ActionInfo("shop.py", 1, "includeme", "")


def routes() -> Any:
    config = Configurator()
    config.add_route("one", "/one")
    config.commit()
    return config.registry.getUtility(IRoutesMapper)


def method_predicate() -> RequestMethodPredicate:
    return RequestMethodPredicate("GET", Configurator())


def request_extensions() -> Any:
    config = Configurator()
    config.add_request_method(lambda request: 1, "one", reify=True)
    config.commit()
    return config.registry.getUtility(IRequestExtensions)


def binding() -> Any:
    return next(iter(parse_stream(StringIO("NAME=value"))))


def server() -> Any:
    made = create_server(lambda environ, start_response: [], host="127.0.0.1", port=0, map={})
    made.close()
    made.task_dispatcher.shutdown()
    return made


def channel() -> HTTPChannel:
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        of = server()
        return HTTPChannel(of, ours, ("127.0.0.1", 1), of.adj, map={})


def parser() -> HTTPRequestParser:
    return HTTPRequestParser(server().adj)


def chunked_receiver() -> ChunkedReceiver:
    return ChunkedReceiver(BytesIO())


def dispatcher() -> ThreadedTaskDispatcher:
    return ThreadedTaskDispatcher()


def error() -> BadRequest:
    return BadRequest("a reason")


def task() -> WSGITask:
    return WSGITask(channel(), parser())


def error_task() -> ErrorTask:
    return ErrorTask(channel(), parser())


def token_policy() -> JWTAuthenticationPolicy:
    return JWTAuthenticationPolicy("k" * 32, algorithm="HS256", leeway=1)


def find(root: Any, dotted: str) -> Any:
    """Return what a dotted name leads to."""
    for name in dotted.split("."):
        root = getattr(root, name)
    return root


def advise(path: str, used_by: str) -> str:
    """Return what is to be done where a private thing has changed."""
    return (
        f"{path} has changed, and {used_by} uses it. Adapt that module, or keep the older version."
    )


@cache
def distributions() -> set[str]:
    """Return the distributions whose private parts are used."""
    names = packages_distributions()
    modules = {row.partition(":")[0] for rows in NAMES.values() for row in rows}
    # A namespace, zope, belongs to several.
    return {
        "zope-sqlalchemy"
        if module.startswith("zope.")
        else canonicalize_name(names[module.split(".")[0]][0])
        for module in modules
    }


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield each module of the product by its path, and its syntax."""
    for package in PACKAGES:
        for file in package.rglob("*.py"):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())


@pytest.mark.parametrize(
    ("used_by", "row"), [(module, row) for module, rows in NAMES.items() for row in rows]
)
def test_a_name_is_there_and_takes_what_it_took(used_by, row):
    path, has_parameters, parameters = row.partition("(")
    module, _, name = path.partition(":")
    advice = advise(path, used_by)
    try:
        found = find(import_module(module), name)
    except (ImportError, AttributeError) as gone:
        pytest.fail(f"{advice} ({gone})")
    if has_parameters:
        assert f"{', '.join(inspect.signature(found).parameters)})" == parameters, advice


@pytest.mark.parametrize(
    ("used_by", "maker", "attributes"),
    [(module, *each) for module, makers in ATTRIBUTES.items() for each in makers.items()],
)
def test_an_object_has_the_attributes_that_it_had(used_by, maker, attributes):
    made = globals()[maker]()
    for name in attributes.split():
        try:
            find(made, name)
        except AttributeError as gone:
            kind = f"{type(made).__module__}:{type(made).__qualname__}"
            pytest.fail(f"{advise(f'{kind}.{name}', used_by)} ({gone})")


@pytest.mark.parametrize("used_by", [*NAMES, *ATTRIBUTES])
def test_our_module_uses_what_its_rows_name(used_by):
    text = (ROOT / used_by).read_text()
    names = [row.partition("(")[0] for row in NAMES.get(used_by, ())]
    names += " ".join(ATTRIBUTES.get(used_by, {}).values()).split()
    last = {name.rpartition(":")[2].rpartition(".")[2] for name in names}
    assert {name for name in last if name not in text} == set()


def test_whatever_is_private_has_a_row():
    told = {module: " ".join(rows) for module, rows in NAMES.items()}
    for module, makers in ATTRIBUTES.items():
        told[module] = " ".join([told.get(module, ""), *makers.values()])
    missing = [
        f"{module} uses {name}"
        for module, tree in sources()
        for name in private_names(tree)
        if name not in told.get(module, "")
    ]
    assert missing == [], "Name it in NAMES or ATTRIBUTES, and give its library an upper bound."


def private_names(tree: ast.Module) -> Iterator[str]:
    """Yield what a module uses of others: names with an underscore, and all that internal modules hold."""
    nodes = list(ast.walk(tree))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    for node in nodes:
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.startswith(INTERNAL):
                yield from (f"{module}:{each.name}" for each in names)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name):
                if name.startswith("_") and not name.startswith("__"):
                    yield name
            case ast.Attribute(attr=name):
                if name.startswith("_") and name not in own | PUBLIC and not name.endswith("__"):
                    yield name


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.parent.name)
def test_their_libraries_have_upper_bounds_that_admit_what_is_locked(project):
    needed = map(Requirement, tomllib.loads(project.read_text())["project"]["dependencies"])
    for requirement in needed:
        if canonicalize_name(requirement.name) in distributions():
            assert "<" in str(requirement.specifier), f"{requirement} has no upper bound."
            assert requirement.specifier.contains(version(requirement.name)), requirement


def test_each_of_their_libraries_is_required_by_name():
    required = {
        canonicalize_name(Requirement(line).name)
        for project in PROJECTS
        for line in tomllib.loads(project.read_text())["project"]["dependencies"]
    }
    assert distributions() - required == set()
