# Caddy as an ordinary user: without the file capability that a container with none could not
# execute, and with a folder for its certificates that belongs to it.
FROM caddy:2
RUN setcap -r /usr/bin/caddy \
    && mkdir -p /data/caddy \
    && chown -R 10001:10001 /data/caddy
COPY Caddyfile /etc/caddy/Caddyfile
USER 10001:10001
