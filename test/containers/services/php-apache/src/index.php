<?php
file_put_contents(__DIR__ . '/cache/page.html', "kept\n") or http_response_code(500);
echo "php in apache\n";
