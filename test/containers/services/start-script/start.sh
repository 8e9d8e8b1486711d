#!/bin/bash
# Writes its settings from the environment, as many front ends do, and starts.
cat > config.json <<END
{ "title": "${TITLE:-portal}" }
END
echo $$ > /var/run/portal.pid
node portal.js
