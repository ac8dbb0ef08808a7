using Understudy.Common;

namespace Understudy.Networks.StyleGan2;

/// <summary>
/// The resolutions of a network, from its base to full size, and the width of each: min(⌊channel_base / r⌋, channel_max).
/// The base is 4×4, or 3×3 for 3·2ᵏ pixels (24, 48, 96 …), so that FER2013's 48×48 needs no resizing.
/// </summary>
internal sealed class Pyramid
{
    private readonly int _channelBase;
    private readonly int _channelMax;

    public Pyramid(int resolution, int channelBase, int channelMax)
    {
        (_channelBase, _channelMax) = (channelBase, channelMax);
        var r = BaseOf(resolution);
        var all = new List<int>();
        for (; r <= resolution; r *= 2) all.Add(r);
        Resolutions = all;
    }

    /// <summary>Ascending: 4, 8, … or 3, 6, ….</summary>
    public IReadOnlyList<int> Resolutions { get; }

    public int Base => Resolutions[0];

    public int ChannelsAt(int resolution) => Math.Min(_channelBase / resolution, _channelMax);

    /// <summary>4, 3, or 0 where the resolution has neither base.</summary>
    public static int BaseOf(int resolution)
    {
        if (resolution < 6) return 0;
        while (resolution > 4 && resolution % 2 == 0) resolution /= 2;
        return resolution is 3 or 4 ? resolution : 0;
    }

    /// <summary>Refuses sizes that make no network; keys are named as in a study file.</summary>
    public static void Validate(int resolution, int channels, int labelDim, int channelBase, int channelMax)
    {
        if (BaseOf(resolution) == 0 || resolution > 1024)
        {
            throw new OptionException($"resolution: {resolution} is not supported; "
                + "give 4·2ᵏ (8, 16, 32, 64, 128, 256 …) or 3·2ᵏ (12, 24, 48, 96, 192 …)");
        }
        OptionException.RequireRange("channels", channels, 1, 16);
        OptionException.RequireRange("label_dim", labelDim, 0, 100_000);
        OptionException.RequireRange("channel_max", channelMax, 1, 4096);
        OptionException.RequireRange("channel_base", channelBase, resolution, 1 << 22);
    }
}
