using Understudy.Networks;

namespace Understudy.Cli.Verbs.Options;

/// <summary>The number format of convolutions.</summary>
internal static class PrecisionOption
{
    /// <param name="preset">In words, what it is where it is not given.</param>
    public static WordOption<Precision> Of(string preset) => new("--precision",
        "The number format of convolutions: bfloat16 is faster on processors made for it (AMD from Zen 4, amx_bf16) and slower, often "
        + $"many times, on others; auto takes it only where it is faster [default: {preset}]");

    /// <summary>For what measures both.</summary>
    public static WordOption<Precision> Measured() => new("--precision", "The number format of convolutions [default: both]",
        choices: [Precision.Float32, Precision.BFloat16]);
}
