"""What our modules use of other libraries that these do not promise; `test_private_parts` checks it."""

# By the module of ours that uses them: modules and names, of functions the parameters, too.
NAMES = {
    "shoptrack/openapi/colander_schemas.py": [
        "cornice_swagger.converters.schema:TypeConversionDispatcher.__call__(self, schema_node)",
        "cornice_swagger.converters.schema:TypeConverter.__call__(self, schema_node)",
    ],
    "shoptrack/openapi/operation.py": ["pyramid.urldispatch:route_re"],
    "shoptrack/openapi/swagger.py": [
        "cornice_swagger.converters.parameters:ParameterConversionDispatcher.converters",
        "cornice_swagger.converters.parameters:QueryParameterConverter.convert(self, schema_node, definition_handler)",
        "cornice_swagger.swagger:CorniceSwagger.custom_type_converters",
        "cornice_swagger.swagger:CorniceSwagger.generate(self, title, version, base_path, info, swagger, kwargs)",
        "cornice_swagger.swagger:CorniceSwagger.parameter_converter",
        "cornice_swagger.swagger:CorniceSwagger.parameters",
        "cornice_swagger.swagger:CorniceSwagger.type_converter",
        "cornice_swagger.swagger:ParameterHandler.from_path(self, path)",
        "cornice_swagger.swagger:ResponseHandler.from_schema_mapping(self, schema_mapping)",
    ],
    "shoptrack/rest/service.py": [
        "cornice.service:SERVICES",
        "cornice.service:Service.add_view(self, method, view, kwargs)",
        "cornice.service:Service.default_filters",
        "cornice.service:Service.default_validators",
    ],
    "shoptrack/db/database.py": [
        "zope.sqlalchemy:ZopeTransactionEvents.before_commit(self, session)",
        "zope.sqlalchemy:mark_changed(session, transaction_manager, keep_session)",
    ],
    "shoptrack/db/lazy_cursor.py": ["psycopg:Cursor.description", "psycopg:Cursor.pgresult"],
    "shoptrack/db/engines.py": [
        "sqlalchemy.dialects.postgresql.psycopg:PGDialect_psycopg.do_ping(self, dbapi_connection)",
        "sqlalchemy.exc:InvalidatePoolError",
    ],
    "shoptrack/db/server_timeouts.py": [
        "psycopg.errors:_WaitTimeout",
        "psycopg:Connection.wait(self, gen, interval, timeout)",
    ],
    "shoptrack/web/metrics/views.py": [
        "prometheus_client.exposition:choose_encoder(accept_header)"
    ],
    "shoptrack/db/migrations/lineages.py": [
        "alembic.script:ScriptDirectory._downgrade_revs(self, destination, current_rev)",
        "alembic.script:ScriptDirectory._upgrade_revs(self, destination, current_rev)",
    ],
    "shoptrack/plugins/route_patterns.py": ["pyramid.urldispatch:route_re"],
    "shoptrack/plugins/view_checks.py": ["pyramid.config.views:isexception(o)"],
    "shoptrack/server/__init__.py": ["waitress.server:BaseWSGIServer"],
    "shoptrack/server/channel.py": [
        "waitress.channel:HTTPChannel._flush_exception(self, flush, do_close)",
        "waitress.channel:HTTPChannel._flush_some(self, do_close)",
        "waitress.channel:HTTPChannel.del_channel(self, map)",
        "waitress.channel:HTTPChannel.error_task_class",
        "waitress.channel:HTTPChannel.handle_close(self)",
        "waitress.channel:HTTPChannel.handle_read(self)",
        "waitress.channel:HTTPChannel.handle_write(self)",
        "waitress.channel:HTTPChannel.parser_class",
        "waitress.channel:HTTPChannel.readable(self)",
        "waitress.channel:HTTPChannel.received(self, data)",
        "waitress.channel:HTTPChannel.task_class",
        "waitress.server:BaseWSGIServer.add_task(self, task)",
    ],
    "shoptrack/server/dispatcher.py": [
        "waitress.task:ThreadedTaskDispatcher.add_task(self, task)",
        "waitress.task:ThreadedTaskDispatcher.set_thread_count(self, count)",
        "waitress.task:ThreadedTaskDispatcher.shutdown(self, cancel_pending, timeout)",
    ],
    "shoptrack/server/listener.py": [
        "waitress.server:BaseWSGIServer.channel_class",
        "waitress.server:BaseWSGIServer.handle_accept(self)",
        "waitress.server:BaseWSGIServer.maintenance(self, now)",
    ],
    "shoptrack/server/parser.py": [
        "waitress.adjustments:Adjustments",
        "waitress.parser:HTTPRequestParser.close(self)",
        "waitress.parser:HTTPRequestParser.parse_header(self, header_plus)",
        "waitress.parser:HTTPRequestParser.received(self, data)",
        "waitress.parser:ParsingError",
        "waitress.receiver:ChunkedReceiver",
        "waitress.utilities:BadRequest(body)",
        "waitress.utilities:Error(body)",
    ],
    "shoptrack/server/shutdown.py": [
        "waitress.channel:HTTPChannel",
        "waitress.server:BaseWSGIServer.handle_accept(self)",
        "waitress.trigger:trigger.pull_trigger(self, thunk)",
        "waitress:wasyncore.dispatcher.close(self)",
        "waitress:wasyncore.loop(timeout, use_poll, map, count)",
    ],
    "shoptrack/server/tasks.py": [
        "waitress.task:ErrorTask.execute(self)",
        "waitress.task:ErrorTask.set_close_on_finish(self)",
        "waitress.task:ErrorTask.write(self, data)",
        "waitress.task:WSGITask.build_response_header(self)",
        "waitress.task:WSGITask.get_environment(self)",
        "waitress.task:Task.write(self, data)",
        "waitress.task:WSGITask.set_close_on_finish(self)",
    ],
    "shoptrack/settings/sources.py": [
        "dotenv.parser:Binding(key, value, original, error)",
        "dotenv.parser:parse_stream(stream)",
    ],
    "shoptrack/web/body_limit.py": ["pyramid.config.views:isexception(o)"],
    "shoptrack/web/cookies.py": ["webob.cookies:parse_cookie(data)"],
    "shoptrack_admin/menu.py": ["pyramid.config.actions:action_method(wrapped)"],
    "shoptrack_admin/pages.py": [
        "pyramid.config.actions:ActionInfo(file, line, function, src)",
        "pyramid.config.actions:action_method(wrapped)",
    ],
    "shoptrack_auth/tokens.py": [
        "pyramid_jwt.policy:JWTAuthenticationPolicy.create_token(self, principal, expiration, audience, claims)",
    ],
}
# What objects must have that are made below, each by the function of its name.
ATTRIBUTES = {
    "shoptrack/plugins/conflicts.py": {"conflict": "_conflicts"},
    "shoptrack/plugins/actions.py": {"configurator": "includepath"},
    "shoptrack/plugins/directives.py": {"configurator": "action_info"},
    "shoptrack/plugins/routes.py": {"routes": "routelist", "method_predicate": "val phash"},
    "shoptrack/packages.py": {"action_info": "file line"},
    "shoptrack/web/request_class.py": {"request_extensions": "methods descriptors"},
    "shoptrack/settings/sources.py": {"binding": "original.string original.line"},
    "shoptrack/web/streams.py": {"channel": "check_client_disconnected.__self__ socket"},
    "shoptrack/server/__init__.py": {"server": "task_dispatcher effective_host"},
    "shoptrack/server/channel.py": {
        "channel": "close_when_flushed connected last_activity request requests requests_lock server "
        "socket total_outbufs_len will_close",
    },
    "shoptrack/server/dispatcher.py": {"dispatcher": "queue threads", "channel": "requests"},
    "shoptrack/server/listener.py": {
        "channel": "creation_time will_close",
        "server": "_map active_channels adj.connection_limit",
    },
    "shoptrack/server/parser.py": {
        "chunked_receiver": "control_line trailer",
        "parser": "body_rcv chunked completed content_length error expect_continue header_bytes_received "
        "header_plus headers headers_finished",
    },
    "shoptrack/server/shutdown.py": {
        "channel": "last_activity request requests total_outbufs_len will_close",
        "server": "adj.asyncore_loop_timeout adj.asyncore_use_poll",
    },
    "shoptrack/server/tasks.py": {
        "error": "body code reason",
        "error_task": "channel.addr content_length request response_headers status",
        "task": "channel.server",
    },
    "shoptrack/testing/http_server.py": {"server": "_map active_channels effective_port trigger"},
    "shoptrack_auth/tokens.py": {"token_policy": "leeway"},
}
# Modules that no manual tells of: whatever is imported from them has a row.
