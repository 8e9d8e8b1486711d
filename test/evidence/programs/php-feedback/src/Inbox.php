<?php

declare(strict_types=1);

final class Inbox
{
    private const FOLDER = '/var/feedback/inbox';

    public function add(string $text): void
    {
        $name = sprintf('%s/%s.txt', self::FOLDER, bin2hex(random_bytes(8)));
        file_put_contents($name, $text . PHP_EOL, LOCK_EX);
    }

    public function count(): int
    {
        return count(glob(self::FOLDER . '/*.txt') ?: []);
    }
}
