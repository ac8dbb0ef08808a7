using TorchSharp;

namespace Understudy.Studies.Stages;

internal static class StageThreads
{
    /// <summary>
    /// The first torch call of a stage's process: how many threads an operation may use. Another number gives other bits.
    /// </summary>
    public static void Use(int threads) => torch.set_num_threads(threads);
}
