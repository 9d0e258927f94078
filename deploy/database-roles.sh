#!/bin/sh
# Two roles: the owner of the tables, and the one the application uses, which can change no trigger.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE lingtan_owner LOGIN PASSWORD :'owner';
CREATE ROLE lingtan_app LOGIN PASSWORD :'app';
CREATE DATABASE lingtan OWNER lingtan_owner ENCODING 'UTF8' TEMPLATE template0;
\connect lingtan
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO lingtan_owner;
SQL
