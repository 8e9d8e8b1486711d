<?php
session_save_path('/tmp');
session_start();
$_SESSION['seen'] = true;
file_put_contents(__DIR__ . '/storage/cache.txt', "cached\n");
echo 'php says hello as ', get_current_user() === '' ? 'nobody' : posix_geteuid(), "\n";
