"""Prompt for passwords and usernames, and look up the users and groups that commands name."""

import sys
from collections.abc import Iterable

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from shoptrack.cli import Environment
from shoptrack.errors import ValidationError
from shoptrack_auth import users
from shoptrack_auth.models import Group, User
from shoptrack_auth.names import clean_username, make_group_key, make_username_key
from shoptrack_auth.password_validators import Profile
from shoptrack_auth.profiles import find_password_errors

password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input.",
)
force = click.option("--force", is_flag=True, help="Skip the password validators.")


def prompt_password(profile: Profile, *, force: bool) -> str:
    """Prompt twice for a new password, until the password is valid."""
    while True:
        password = click.prompt(
            "Password", hide_input=True, confirmation_prompt="Password again", type=str
        )
        errors = find_password_errors(password, profile, force=force)
        if not errors:
            return password
        for message in errors["password"]:
            click.echo(f"Error: {message}", err=True)


def read_password() -> str:
    """Return the first line of standard input, with its white space."""
    line = sys.stdin.buffer.readline().decode(errors="surrogateescape")
    password = line.removesuffix("\n").removesuffix("\r")
    if not password:
        raise click.ClickException("No password on standard input.")
    return password


def prompt_username(environment: Environment, username: str | None) -> str:
    """Return the normalized name for a new user.

    :param username: ``None`` prompts for it
    """
    if username is None:
        username = click.prompt("Username", type=str)
    with environment.session() as db:
        name = clean_username(username)
        existing = db.scalar(
            select(User.username).where(User.username_key == make_username_key(name))
        )
        if existing is not None:
            hint = "" if existing == name else f" The existing user is {existing}."
            raise ValidationError({"username": [users.USERNAME_TAKEN + hint]})
    if name != username.strip():
        click.echo(f"The username is stored as {name}.", err=True)
    return name


def get_user(db: Session, username: str) -> User:
    """Return the user with a username, in any spelling."""
    user = db.scalar(select(User).where(User.username_key == make_username_key(username)))
    if user is None:
        raise click.ClickException(f"User {username!r} not found.")
    return user


def get_group_ids(db: Session, names: Iterable[str]) -> list[int]:
    """Return the ids of groups with these names."""
    groups = {group.name_key: group for group in db.scalars(select(Group).order_by(Group.name))}
    for name in names:
        if make_group_key(name) not in groups:
            available = ", ".join(group.name for group in groups.values()) or "none"
            raise click.ClickException(f"Group {name!r} not found. Available: {available}.")
    return [groups[make_group_key(name)].id for name in names]
