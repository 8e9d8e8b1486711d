<?php

final class Store
{
    private $dir;

    public function __construct(string $dir)
    {
        $this->dir = $dir;
    }

    public function add(string $data): void
    {
        $name = tempnam(sys_get_temp_dir(), 'drop');
        file_put_contents($name, $data);
        copy($name, $this->dir . '/' . basename($name));
        unlink($name);
    }

    public function count(): int
    {
        return count(glob($this->dir . '/drop*'));
    }
}
