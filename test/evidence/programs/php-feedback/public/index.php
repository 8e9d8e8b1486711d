<?php

declare(strict_types=1);

require __DIR__ . '/../src/Inbox.php';

$inbox = new Inbox();

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $text = trim((string) file_get_contents('php://input'));
    if ($text === '') {
        http_response_code(400);
        exit("nothing to say?\n");
    }
    $inbox->add($text);
    http_response_code(201);
    exit("thank you\n");
}

header('Content-Type: text/plain');
echo $inbox->count(), " messages\n";
