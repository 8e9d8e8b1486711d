<?php
session_start();
$_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1;
session_write_close();
$kept = count(glob(session_save_path() . '/sess_*'));
echo "ideas: $kept";
