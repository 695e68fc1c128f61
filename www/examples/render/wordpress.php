<?php
/**
 * What the plugin calls of WordPress, WooCommerce and a theme, as far as it needs it to be run: the real functions have
 * the same names and arguments. Prints the page of a post that has the shortcode.
 */

error_reporting( E_ALL );
ini_set( 'display_errors', 'stderr' );
set_error_handler(
	function ( $level, $message, $file, $line ) {
		throw new ErrorException( $message, 0, $level, $file, $line );
	}
);

define( 'ABSPATH', '/' );

$shortcodes = array();
$scripts    = array();

function add_shortcode( $tag, $callback ) {
	$GLOBALS['shortcodes'][ $tag ] = $callback;
}

function shortcode_atts( $pairs, $atts, $shortcode = '' ) {
	return array_merge( $pairs, array_intersect_key( (array) $atts, $pairs ) );
}

function plugins_url( $path = '', $plugin = '' ) {
	return $path;
}

function wp_enqueue_script( $handle, $src = '', $deps = array(), $ver = false, $args = array() ) {
	$GLOBALS['scripts'][ $handle ] = array( $src . '?ver=' . $ver, $args['strategy'] );
}

function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES );
}

function esc_url( $url ) {
	return htmlspecialchars( $url, ENT_QUOTES );
}

function rest_url( $path = '' ) {
	return '/wp-json/' . $path;
}

function wp_create_nonce( $action = -1 ) {
	return substr( md5( $action ), 0, 10 );
}

function wc_get_checkout_url() {
	return '/checkout/';
}

require '/plugin/vitrine.php';

$post = $shortcodes['vitrine'](
	array(
		'video'     => '/media/spring.webm',
		'hotspots'  => '/e2e/made.json',
		'collector' => '/events',
		'vitrine'   => '/vitrine/',
	)
);
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>A post</title>
<link rel="stylesheet" href="blocks.css">
<?php foreach ( $scripts as $script ) : ?>
<script src="<?php echo esc_url( $script[0] ); ?>" <?php echo esc_attr( $script[1] ); ?>></script>
<?php endforeach; ?>
</head>
<body>
<?php echo $post; ?>
</body>
</html>
