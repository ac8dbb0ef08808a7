using Understudy.Training;

namespace Understudy.Tests.Training;

/// <summary>Options for trainings of a few steps; a test adds what it is about.</summary>
internal static class TinyGan
{
    /// <summary>For what a step does: networks as small as they go.</summary>
    public static GanTrainingOptions Smallest { get; } =
        new() { Batch = 4, ZDim = 8, WDim = 8, ChannelBase = 128, ChannelMax = 8 };

    /// <summary>For what is learnt: enough for two tones.</summary>
    public static GanTrainingOptions Small { get; } =
        new() { Batch = 8, ZDim = 16, WDim = 16, ChannelBase = 256, ChannelMax = 16 };
}
