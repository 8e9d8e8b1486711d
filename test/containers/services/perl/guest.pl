#!/usr/bin/perl
use strict;
use warnings;
use File::Basename;
use IO::Socket::INET;

my $data = dirname(__FILE__) . '/data';
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

my $server = IO::Socket::INET->new(LocalPort => 8090, Listen => 5, ReuseAddr => 1) or die "listen: $!";
while (1) {
    my $client = $server->accept or next;
    my $line = <$client> // '';
    while (my $head = <$client>) { last if $head =~ /^\r?\n$/ }
    open(my $fh, '>>', "$data/guests.txt") or die "open: $!";
    print $fh "guest\n";
    close $fh;
    open(my $in, '<', "$data/guests.txt") or die;
    my @all = <$in>;
    close $in;
    my $body = 'guests: ' . scalar(@all);
    print $client "HTTP/1.0 200 OK\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
    close $client;
}
