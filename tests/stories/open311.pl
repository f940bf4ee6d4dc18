# What FixMyStreet's own client does with the city's Open311: perl tests/stories/open311.pl FOLDER ENDPOINT CODE
# FOLDER holds Open311.pm. The parts of FixMyStreet that it names and a sending of a report does not use stand empty here.
# Prints one line of JSON: what it listed, posted and read.
use strict;
use warnings;
use utf8;
BEGIN {
    for my $empty (qw(FixMyStreet FixMyStreet/Cobrand FixMyStreet/DB FixMyStreet/App/Model/PhotoSet FixMyStreet/ImageMagick Utils)) {
        $INC{"$empty.pm"} = 'empty';
    }
}
package FixMyStreet { sub config { return } sub test_mode { return 0 } }
package Utils { sub truncate_coordinate { return sprintf('%.6f', shift) } }
package Reporter { sub new { return bless {}, shift } sub email { return 'reporter@example.org' } sub phone { return '12000000077' } }
package Report {
    our $AUTOLOAD;
    my %is = (id => 1, title => 'Lamp out', detail => "The lamp at the gate is out & dark <here>", name => 'Kanari Wang', used_map => 1,
        latitude => 30.12345, longitude => 114.56789, postcode => '', cobrand => 'default', get_extra_fields => [], send_fail_count => 1);
    sub new { return bless { user => Reporter->new }, shift }
    sub user { return shift->{user} }
    sub AUTOLOAD { my $name = $AUTOLOAD; $name =~ s/.*:://; return $is{$name} }
    sub DESTROY { }
}
package main;
my ($folder, $endpoint, $code) = @ARGV;
unshift @INC, $folder;
require Open311;
require JSON::MaybeXS;
my $city = Open311->new(endpoint => $endpoint, jurisdiction => 'city', api_key => 'none');
my $services = $city->get_service_list;
my $definition = $city->get_service_meta_info($code);
my $id = $city->send_service_request(Report->new, { url => 'http://example.org/report/1' }, $code);
my $again = $city->send_service_request(Report->new, { url => 'http://example.org/report/1' }, $code);
my $requests = $city->get_service_requests({ report_ids => [$id] });
my $updates = $city->get_service_request_updates;
my $refused = $city->send_service_request(Report->new, { url => 'http://example.org/report/1' }, 'none.such');
print JSON::MaybeXS->new(utf8 => 1, canonical => 1)->encode({ services => $services->{service}, definition => $definition, id => $id,
    again => $again, requests => ref $requests eq 'ARRAY' ? $requests : $requests->{request}, updates => $updates, refused => $refused, error => $city->error }), "\n";
