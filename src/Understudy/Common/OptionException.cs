namespace Understudy.Common;

/// <summary>A caller's mistake in an option: the message names the key, the value and what would do. Exit code 2.</summary>
public sealed class OptionException(string message) : ArgumentException(message)
{
    /// <summary>Throws unless <paramref name="value"/> lies in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public static void RequireRange(string key, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
            throw new OptionException(FormattableString.Invariant($"{key}: {value} is out of range; give {min} to {max}"));
    }

    /// <summary>Throws unless <paramref name="value"/> is one of <paramref name="choices"/>.</summary>
    public static void RequireOneOf(string key, string value, params string[] choices)
    {
        if (!choices.Contains(value, StringComparer.Ordinal))
            throw new OptionException($"{key}: '{value}' is not known; one of: {string.Join(", ", choices)}");
    }
}
