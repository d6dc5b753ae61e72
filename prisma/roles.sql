-- Who may do what in PostgreSQL: chuanda_owner owns the tables and migrates them; chuanda, as which the service runs,
-- works in them and can change no table, no trigger and no function, so that the ledger's guards bind it too.
-- For psql, as a superuser, once. The passwords come as the variables "owner_password" and "password", or from the
-- secrets of compose.yaml.
\set ON_ERROR_STOP on
\if :{?password}
\else
  \set owner_password `cat /run/secrets/owner_password`
  \set password `cat /run/secrets/database_password`
\endif

CREATE ROLE chuanda_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE chuanda LOGIN PASSWORD :'password';
CREATE DATABASE chuanda OWNER chuanda_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE chuanda FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE chuanda TO chuanda;

\connect chuanda
-- For everything that migrations will make.
ALTER DEFAULT PRIVILEGES FOR ROLE chuanda_owner GRANT USAGE ON SCHEMAS TO chuanda;
ALTER DEFAULT PRIVILEGES FOR ROLE chuanda_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO chuanda;
ALTER DEFAULT PRIVILEGES FOR ROLE chuanda_owner GRANT USAGE, SELECT ON SEQUENCES TO chuanda;
