"""What commands ask for: passwords, which are never arguments that others could see, and names of users and groups."""

import sys
from collections.abc import Iterable

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from shoptrack.cli import Environment
from shoptrack.errors import ValidationError
from shoptrack_auth import users
from shoptrack_auth.models import Group, User
from shoptrack_auth.names import checked_username, group_key, key
from shoptrack_auth.profiles import password_faults
from shoptrack_auth.validators import Profile

password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Ask nothing: the password is a line of the standard input.",
)
force = click.option("--force", is_flag=True, help="Take a password that anybody could guess.")


def typed_password(profile: Profile, *, force: bool) -> str:
    """Return a new password that is typed twice, unseen, and told what is wrong with it until nothing is."""
    while True:
        password = click.prompt(
            "Password", hide_input=True, confirmation_prompt="Password again", type=str
        )
        faults = password_faults(password, profile, force=force)
        if not faults:
            return password
        for sentence in faults["password"]:
            click.echo(f"Error: {sentence}", err=True)


def piped_password() -> str:
    """Return the first line of the standard input, white space and all."""
    line = sys.stdin.buffer.readline().decode(errors="surrogateescape")
    password = line.removesuffix("\n").removesuffix("\r")
    if not password:
        raise click.ClickException("The standard input holds no password.")
    return password


def free_username(environment: Environment, username: str | None) -> str:
    """Return a name for a new user, as it is to be stored.

    :param username: as it was given; ``None`` asks for it
    """
    if username is None:
        username = click.prompt("Username", type=str)
    with environment.session() as db:
        name = checked_username(username)
        other = db.scalar(select(User.username).where(User.username_key == key(name)))
        if other is not None:
            written = "" if other == name else f" It is written {other}."
            raise ValidationError({"username": [users.TAKEN + written]})
    if name != username.strip():
        click.echo(f"The name is stored as {name}.", err=True)
    return name


def named_user(db: Session, username: str) -> User:
    """Return the user who has a name, however it is spelled."""
    user = db.scalar(select(User).where(User.username_key == key(username)))
    if user is None:
        raise click.ClickException(f"There is no user {username!r}.")
    return user


def named_groups(db: Session, names: Iterable[str]) -> list[int]:
    """Return the ids of groups."""
    groups = {group.name_key: group for group in db.scalars(select(Group).order_by(Group.name))}
    for name in names:
        if group_key(name) not in groups:
            known = ", ".join(group.name for group in groups.values()) or "none yet"
            raise click.ClickException(f"There is no group {name!r}. There are: {known}.")
    return [groups[group_key(name)].id for name in names]
