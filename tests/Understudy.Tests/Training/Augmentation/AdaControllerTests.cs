using Understudy.Training.Augmentation;

namespace Understudy.Tests.Training.Augmentation;

public sealed class AdaControllerTests
{
    /// <summary>Batch 50, 4 steps, 2 kimg: each adjustment moves p by 50·4/2000 = 0.1.</summary>
    [Fact]
    public void Observe_HandWorkedTrace_FollowsTargetSpeedAndBounds()
    {
        var controller = new AdaController(target: 0.6, kimg: 2, ceiling: 0.25);
        double[][] signs =
        [
            [0.5, 0.5, 0.5, 0.5],    // below the target: stays at the floor
            [1.0, 1.0, 0.5, 0.5],    // mean 0.75: up
            [0.6, 0.6, 0.5, 0.75],   // mean 0.6125: up
            [1.0, 1.0, 1.0, 1.0],    // up, to the ceiling
            [0.5, 0.5, 0.5, 0.5],    // down
        ];
        double[] expected = [0, 0.1, 0.2, 0.25, 0.15];
        long step = 0;
        for (int k = 0; k < signs.Length; k++)
        {
            foreach (var s in signs[k])
            {
                Assert.Equal(k == 0 ? 0 : expected[k - 1], controller.P, 1e-12);
                controller.Observe(s, step++, 50);
            }
            Assert.Equal(expected[k], controller.P, 1e-12);
        }
    }
}
