<?php
require __DIR__ . '/../src/Store.php';

$store = new Store(__DIR__ . '/../uploads');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $store->add(file_get_contents('php://input'));
}
echo $store->count(), ' drops';
