using Understudy.Common;

namespace Understudy.Training;

/// <summary>
/// Notices that a run is lost. A single gradient that is no number is survived (it is replaced, as in the paper's code); losses that are
/// none, or that stay beyond all bounds, are not.
/// </summary>
internal sealed class DivergenceAlarm(double learningRate)
{
    private const double LossBound = 1e4;
    private const int BadGradientsInARow = 20;
    private int _badGradients;

    /// <exception cref="TrainingDivergedException">Names what went wrong, where, and what to try.</exception>
    public void Watch(long images, ReadOnlySpan<(string Name, double Loss)> losses, double gradientNorm)
    {
        foreach (var (name, loss) in losses)
        {
            if (!(Math.Abs(loss) <= LossBound)) throw Diverged(images, FormattableString.Invariant($"the loss '{name}' is {loss:g4}"));
        }
        _badGradients = double.IsFinite(gradientNorm) ? 0 : _badGradients + 1;
        if (_badGradients >= BadGradientsInARow) throw Diverged(images, $"{BadGradientsInARow} steps in a row had gradients that are no numbers");
    }

    private TrainingDivergedException Diverged(long images, string what) => new(FormattableString.Invariant(
        $"training diverged after {Human.Count(images)} images: {what}. Start anew with a smaller learning_rate (now {learningRate}) or a larger gamma; ")
        + "the checkpoints before it are kept");
}
