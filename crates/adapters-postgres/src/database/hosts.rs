//! The hosts of a configuration, each by itself.

use tokio_postgres::{Config, config::Host};

/// A configuration for each host of this one, in their order.
pub(super) fn each(config: &Config) -> Vec<Config> {
    let names = config.get_hosts();
    let addresses = config.get_hostaddrs();
    (0..names.len().max(addresses.len()))
        .map(|place| {
            let mut single = without_hosts(config);
            match names.get(place) {
                Some(Host::Tcp(name)) => {
                    single.host(name);
                }
                Some(Host::Unix(folder)) => {
                    single.host_path(folder);
                }
                None => {}
            }
            if let Some(address) = addresses.get(place) {
                single.hostaddr(*address);
            }
            let ports = config.get_ports();
            if let Some(port) = ports.get(place).or_else(|| ports.first()) {
                single.port(*port);
            }
            single
        })
        .collect()
}

fn without_hosts(config: &Config) -> Config {
    let mut copy = Config::new();
    copy.ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .channel_binding(config.get_channel_binding())
        .target_session_attrs(config.get_target_session_attrs())
        .load_balance_hosts(config.get_load_balance_hosts())
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle());
    if let Some(user) = config.get_user() {
        copy.user(user);
    }
    if let Some(password) = config.get_password() {
        copy.password(password);
    }
    if let Some(name) = config.get_dbname() {
        copy.dbname(name);
    }
    if let Some(options) = config.get_options() {
        copy.options(options);
    }
    if let Some(name) = config.get_application_name() {
        copy.application_name(name);
    }
    if let Some(limit) = config.get_connect_timeout() {
        copy.connect_timeout(*limit);
    }
    if let Some(limit) = config.get_tcp_user_timeout() {
        copy.tcp_user_timeout(*limit);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        copy.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        copy.keepalives_retries(retries);
    }
    copy
}

#[cfg(test)]
mod tests {
    use tokio_postgres::Config;

    use super::each;

    #[test]
    fn each_host_keeps_its_port_and_all_that_they_share() {
        let several = "postgres://u:p@one:5432,two:5433/books?target_session_attrs=read-write&connect_timeout=7\
                       &keepalives_idle=11&sslmode=require&options=-c%20jit%3Doff&application_name=x";
        let several: Config = several.parse().unwrap();

        let single = each(&several);

        let urls = ["one:5432", "two:5433"].map(|host| {
            format!(
                "postgres://u:p@{host}/books?target_session_attrs=read-write&connect_timeout=7\
                 &keepalives_idle=11&sslmode=require&options=-c%20jit%3Doff&application_name=x"
            )
        });
        let expected: Vec<Config> = urls.iter().map(|url| url.parse().unwrap()).collect();
        assert_eq!(single, expected);
    }

    #[test]
    fn one_port_is_that_of_all() {
        let several: Config = "host=/a,/b port=6543 user=u".parse().unwrap();

        let ports: Vec<u16> = each(&several)
            .iter()
            .flat_map(|single| single.get_ports().to_vec())
            .collect();

        assert_eq!(ports, [6543, 6543]);
    }
}
